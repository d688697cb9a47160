import type { Lang } from '@kyoka/pages';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { found } from '../http/found.js';
import { Open } from '../http/needs.js';
import { PageLang, sendPage, sendPublicPage } from '../http/page.js';
import { PUBLISHED_POLICIES } from '../injection.js';
import type { PublishedPort } from './ports.js';
import { PoliciesInForcePage } from './views/policies-page.js';
import { PolicyPage } from './views/policy-page.js';
import { TextPage } from './views/text-page.js';

const FOUND = 302;

/** The policies in force, for everybody: what the law wants people to be able to look up. */
@Controller('policy')
export class PublishedController {
  readonly #published: PublishedPort;

  constructor(@Inject(PUBLISHED_POLICIES) published: PublishedPort) {
    this.#published = published;
  }

  /** One click from everywhere: where one policy is in force, its page. */
  @Get()
  @Open()
  async all(@PageLang() lang: Lang, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const policies = await this.#published.inForce();
    const [only, ...others] = policies;
    return only !== undefined && others.length === 0
      ? reply.redirect(`/policy/${only.policy.id}`, FOUND)
      : sendPage(reply, PoliciesInForcePage({ lang, policies }));
  }

  @Get(':name')
  @Open()
  async one(
    @Param('name') name: string,
    @PageLang() lang: Lang,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const shown = found(await this.#published.read(name));
    return sendPublicPage(reply, PolicyPage({ lang, path: pathOf(name), shown }));
  }

  @Get(':name/text')
  @Open()
  async text(
    @Param('name') name: string,
    @PageLang() lang: Lang,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { policy, text } = found(await this.#published.read(name));
    return sendPublicPage(reply, TextPage({ lang, path: pathOf(name), policy, text: found(text) }));
  }
}

/** Only names that were found get here, so it needs no escaping beyond the renderer's. */
const pathOf = (name: string): string => `/policy/${name}`;
