import type { FastifyInstance, FastifyRequest } from 'fastify';
import { publicUrl } from '#modules/accounts/public.ts';
import { unlock, webhookConnection } from '#modules/connections/public.ts';
import { SignatureRefused, SIGNATURE_REASONS } from '#core/connector/signatures/refused.ts';
import { NotFound } from '#core/errors.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { takeEvents } from './take.ts';

/** A mail with its attachments, as SendGrid's Inbound Parse sends it: 30 MB at most. */
const BODY_LIMIT = 31_457_280;

/**
 * `/vendors/<connection>/<what>`: what vendors tell us, one address for each connection. Signatures are over the bytes as they came, so nothing is
 * parsed before. Answered once it is stored; what can't be stored now is answered with an error, and vendors come again.
 */
export function vendorRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
  http.post<{ Params: { connectionId: string; what: string } }>(
    '/vendors/:connectionId/:what',
    { bodyLimit: BODY_LIMIT },
    async (request, reply) => {
      const { connectionId, what } = request.params;
      const row = await runtime.system.read((tx) => webhookConnection(tx, connectionId));
      const opened = row === undefined ? null : await unlock(runtime, row);
      const webhook = opened?.connector.webhooks?.[what];
      if (row === undefined || opened === null || webhook === undefined)
        throw new NotFound('There is no such address; the right one is shown under Connections');
      const { connector, credentials, options } = opened;
      const given = signedRequest(runtime, request);
      const secrets = webhook.secrets(credentials);
      if (secrets.length === 0)
        throw new SignatureRefused(`The key that ${connector.title} signs with was not entered yet. Enter it under Connections`);
      const verdict = webhook.verify(given, secrets, runtime.clock.now());
      if (!verdict.valid) throw new SignatureRefused(SIGNATURE_REASONS[verdict.reason]);
      const events = await webhook.read(given, credentials, options);
      await takeEvents(runtime, { companyId: row.companyId, connectionId: row.id, connector: row.connector }, events);
      const own = webhook.replyTo?.(given) ?? null;
      if (own !== null) return reply.type(own.contentType).send(own.body);
      return webhook.reply === undefined
        ? reply.status(200).send({ received: events.length })
        : reply.type(webhook.reply.contentType).send(webhook.reply.body);
    },
  );
}

function signedRequest(runtime: Runtime, request: FastifyRequest): SignedRequest {
  return {
    method: request.method,
    url: `${publicUrl(runtime.config)}${request.url}`,
    headers: request.headers,
    rawBody: request.body instanceof Uint8Array ? request.body : new Uint8Array(),
  };
}
