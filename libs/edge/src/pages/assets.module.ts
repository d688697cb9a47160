import { KyokaError } from '@kyoka/kernel';
import { ASSET_CACHE, ASSETS_PATH, findAsset } from '@kyoka/pages';
import { Controller, Get, Module, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Open } from '../http/needs.js';

@Controller(ASSETS_PATH)
class AssetsController {
  @Get(':name')
  @Open()
  read(@Param('name') name: string, @Res() reply: FastifyReply): FastifyReply {
    const asset = findAsset(`${ASSETS_PATH}/${name}`);
    if (asset === undefined) throw new KyokaError('not_found', 'There is no such file');
    return reply.type(asset.type).header('cache-control', ASSET_CACHE).send(asset.body);
  }
}

/** The files that pages load. They are the same for everybody. */
@Module({ controllers: [AssetsController] })
export class AssetsModule {}
