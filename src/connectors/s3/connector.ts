import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { folder, prefixOf } from '#core/connector/folder.ts';
import { tryFiles } from '#core/connector/try-files.ts';
import { secret } from '#core/secrets.ts';
import { bucketFiles, bucketHttp, keepsVersions } from './bucket.ts';

const Credentials = z.object({
  bucket: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is a name such as acme-archive')
    .describe('Bucket'),
  region: z.string().trim().min(1).max(60).default('us-east-1').describe('Region, such as eu-central-1; auto for Cloudflare R2'),
  accessKeyId: z
    .string()
    .trim()
    .min(3)
    .max(200)
    .describe('Access key ID; it may put, get, delete and list objects of this bucket, and no more'),
  secretAccessKey: secret().describe('Secret access key'),
  folder: folder(),
});
type Access = z.output<typeof Credentials>;

const baseUrl = ({ region }: Access) => (region === 'auto' ? 'https://s3.amazonaws.com' : `https://s3.${region}.amazonaws.com`);
const accessOf = ({ folder: named, ...access }: Access) => ({ ...access, prefix: prefixOf(named) });

/**
 * A bucket of Amazon S3, or of anything that speaks S3 (MinIO, R2, B2, Ceph): the base URL names it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export default connector({
  id: 's3',
  title: 'Amazon S3 and compatible',
  credentials: Credentials,
  baseUrl,
  async verify(credentials, options) {
    const access = accessOf(credentials);
    await tryFiles(bucketFiles(access, options, baseUrl(credentials)));
    const versions = await keepsVersions(bucketHttp(access, options, baseUrl(credentials)), options.signal);
    const warning =
      versions === true ? '. It keeps old versions: have a lifecycle rule delete them, or what is erased here stays there' : '';
    return `a file was put into ${credentials.bucket}, read back and deleted${warning}`;
  },
  files: (credentials, options) => bucketFiles(accessOf(credentials), options, baseUrl(credentials)),
});
