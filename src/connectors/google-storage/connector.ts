import { z } from 'zod';
import { systemClock } from '#core/clock.ts';
import { connector } from '#core/connector/connector.ts';
import { googleTokens } from '#core/connector/google-account.ts';
import { folder, prefixOf } from '#core/connector/folder.ts';
import { tryFiles } from '#core/connector/try-files.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { secret } from '#core/secrets.ts';
import { BASE_URL, bucketFiles, bucketHttp, whatStays } from './bucket.ts';

const Credentials = z.object({
  bucket: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, 'is a name such as acme-archive')
    .describe('Bucket'),
  clientEmail: z.email().describe('Service account, with the role Storage Object User on this bucket'),
  privateKey: secret().describe('Its private key: private_key in the key file, BEGIN and END lines included'),
  folder: folder(),
});
type Access = z.output<typeof Credentials>;

const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';

function open(credentials: Access, options: ConnectorOptions) {
  const { bucket, clientEmail, privateKey } = credentials;
  // A fake, an emulator or a proxy gives the tokens, too.
  const tokens = googleTokens({ clientEmail, privateKey }, SCOPE, systemClock, options.baseUrl);
  const http = bucketHttp(tokens, options);
  return { http, files: bucketFiles(http, bucket, prefixOf(credentials.folder), options.signal) };
}

/** A bucket of Google Cloud Storage, by a service account. @see https://cloud.google.com/storage/docs/json_api */
export default connector({
  id: 'google_storage',
  title: 'Google Cloud Storage',
  credentials: Credentials,
  baseUrl: () => BASE_URL,
  async verify(credentials, options) {
    const { http, files } = open(credentials, options);
    await tryFiles(files);
    const stays = await whatStays(http, credentials.bucket, options.signal);
    return `a file was put into ${credentials.bucket}, read back and deleted${stays === null ? '' : `. ${stays}`}`;
  },
  files: (credentials, options) => open(credentials, options).files,
});
