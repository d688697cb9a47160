import { type DynamicModule, Module } from '@nestjs/common';
import { CHECKS } from '../injection.js';
import type { ReadinessChecks } from './checks.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

@Module({})
export class HealthModule {
  static with(checks: ReadinessChecks): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController, MetricsController],
      providers: [{ provide: CHECKS, useValue: checks }],
    };
  }
}
