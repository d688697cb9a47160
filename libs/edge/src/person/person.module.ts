import type { PersonPorts } from '@kyoka/person';
import { type DynamicModule, Module } from '@nestjs/common';
import { PERSON } from '../injection.js';
import { AssetsModule } from '../pages/assets.module.js';
import { ConfirmController } from './confirm.controller.js';
import { OneClickController } from './one-click.controller.js';
import { PreferencesController } from './preferences.controller.js';
import { WrongLinks } from './wrong-links.js';

/** The pages of the person: preferences, confirmations, one-click links. Nobody signs in to them. */
@Module({})
export class PersonModule {
  static with(person: PersonPorts): DynamicModule {
    return {
      module: PersonModule,
      imports: [AssetsModule],
      controllers: [ConfirmController, PreferencesController, OneClickController],
      providers: [
        { provide: PERSON, useValue: person },
        { provide: WrongLinks, useValue: new WrongLinks(person.clock) },
      ],
    };
  }
}
