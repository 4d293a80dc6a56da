import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

export interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const secondsOf = (at: Date) => String(Math.floor(at.getTime() / 1_000));

/** Signs as SendGrid does: ECDSA over time and body. `key` is what it shows for verification. */
export function sendGridSigner(): { key: string; sign(body: string, at: Date, type?: string): Signed } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return {
    key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    sign(body, at, type = 'application/json') {
      const stamp = secondsOf(at);
      const signature = sign('sha256', Buffer.from(stamp + body), { key: privateKey, dsaEncoding: 'der' }).toString('base64');
      return {
        body,
        headers: {
          'content-type': type,
          'x-twilio-email-event-webhook-signature': signature,
          'x-twilio-email-event-webhook-timestamp': stamp,
        },
      };
    },
  };
}

/** Signs as Svix does, for Resend. `id` names the delivery. */
export function svixSigned(secret: string, body: string, at: Date, id: string): Signed {
  const stamp = secondsOf(at);
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${stamp}.${body}`).digest('base64');
  return {
    body,
    headers: { 'content-type': 'application/json', 'svix-id': id, 'svix-timestamp': stamp, 'svix-signature': `v1,${signature}` },
  };
}

/** Signs as Twilio does: address, and the form's fields in order. */
export function twilioSigned(token: string, url: string, fields: Readonly<Record<string, string>>): Signed {
  const all = Object.keys(fields)
    .toSorted()
    .map((name) => `${name}${fields[name] ?? ''}`)
    .join('');
  return {
    body: new URLSearchParams(fields).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', token).update(`${url}${all}`).digest('base64'),
    },
  };
}

/** Signs as Stripe does, for the `stripe-signature` header. */
export function stripeSigned(secret: string, body: string, at: Date): Signed {
  const stamp = secondsOf(at);
  const signature = createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'stripe-signature': `t=${stamp},v1=${signature}` } };
}
