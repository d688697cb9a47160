import type { Head } from '@kyoka/chain';
import type { ChainReader } from './verify.js';

/** The chains of one context, and how far each has grown. */
export interface ChainSource extends ChainReader {
  heads(): Promise<readonly Head[]>;
}

/**
 * The chains of every context as one source, so that one checkpoint names all heads and one
 * verification reads all chains. A name that two contexts use shows as a defect, since the blocks of
 * both are read.
 */
export function joinChains(sources: readonly ChainSource[]): ChainSource {
  return {
    async chains() {
      const names = await Promise.all(sources.map(async (source) => source.chains()));
      return [...new Set(names.flat())];
    },
    async *blocks(chain) {
      for (const source of sources) yield* source.blocks(chain);
    },
    async heads() {
      return (await Promise.all(sources.map(async (source) => source.heads()))).flat();
    },
  };
}
