import { BlockList, isIP, isIPv4 } from 'node:net';
import { KyokaError } from '@kyoka/kernel';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problems.js';

/**
 * Answers this machine and the declared proxies only, and of what a proxy hands on only what came to it
 * by https: a token or an address that crossed a network in the clear is refused before it is used.
 *
 * @param proxies addresses, or networks as `address/prefix`
 */
export function requireDeclaredProxy(server: FastifyInstance, proxies: readonly string[]): void {
  const trusted = blockListOf(proxies);
  const own = blockListOf(['127.0.0.0/8', '::1']);
  server.addHook('onRequest', async (request, reply) => {
    const { remoteAddress = '' } = request.socket;
    const safe = holds(trusted, remoteAddress)
      ? request.headers['x-forwarded-proto'] === 'https'
      : holds(own, remoteAddress);
    if (safe) return undefined;
    return sendProblem(
      reply,
      new KyokaError('not_permitted', 'Only what a declared proxy has got by https is answered'),
    );
  });
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** A socket that takes both families shows an IPv4 peer as `::ffff:a.b.c.d`, which the list knows as well. */
function holds(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
