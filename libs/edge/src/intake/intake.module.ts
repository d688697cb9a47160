import { type DynamicModule, Module } from '@nestjs/common';
import { COUNTED, INTAKE, PARKED, PUBLISHERS, TOPIC_RIGHTS } from '../injection.js';
import type { IntakePort, ParkedPort, PublishersPort } from '../ports.js';
import { EventsController } from './events.controller.js';
import { ParkedController } from './parked.controller.js';
import { PublishersController } from './publishers.controller.js';
import type { TopicRights } from './raw-events.js';
import { type Counted, TopicsController } from './topics.controller.js';

export interface IntakeModuleOptions {
  readonly intake: IntakePort;
  readonly parked: ParkedPort;
  readonly publishers: PublishersPort;
  readonly rights: TopicRights;
  readonly counted: Counted;
}

/** The role `intake`: events over HTTP and from the input topics, their publishers, parked events. */
@Module({})
export class IntakeModule {
  static with({ intake, parked, publishers, rights, counted }: IntakeModuleOptions): DynamicModule {
    return {
      module: IntakeModule,
      controllers: [EventsController, TopicsController, ParkedController, PublishersController],
      providers: [
        { provide: INTAKE, useValue: intake },
        { provide: PARKED, useValue: parked },
        { provide: PUBLISHERS, useValue: publishers },
        { provide: TOPIC_RIGHTS, useValue: rights },
        { provide: COUNTED, useValue: counted },
      ],
    };
  }
}
