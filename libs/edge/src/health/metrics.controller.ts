import { METRICS_MEDIA_TYPE, readMetrics } from '@kyoka/telemetry';
import { Controller, Get, Header } from '@nestjs/common';
import { Needs } from '../http/needs.js';

/** For Prometheus, with a token: what a company refuses and removes is nobody else's business. */
@Controller('metrics')
export class MetricsController {
  @Get()
  @Needs('operations:read')
  @Header('content-type', METRICS_MEDIA_TYPE)
  read(): Promise<string> {
    return readMetrics();
  }
}
