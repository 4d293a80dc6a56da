import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { InvalidInput } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { beginUpload, getFileOperation } from '../operations/files.ts';
import { chunkAt, LARGEST_FILE, type PersonFile } from './file.ts';
import { storeBytes, tooLarge } from './upload.ts';

/** Bytes in and out of files on people, streamed. Rights, scope and the 404 of another company are those of the operations. */
export function fileRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.removeAllContentTypeParsers();
  // The body is read by the route, a piece at a time.
  http.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  /** `POST …/files/upload?name=offer.pdf`, the bytes as the body. */
  http.post('/api/people/:personId/files/upload', { bodyLimit: LARGEST_FILE }, async (request, reply) => {
    const principal = await runtime.authenticate(request);
    const { personId } = Object(request.params);
    const { name } = Object(request.query);
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_FILE) throw tooLarge();
    const begun = await execute(runtime, {
      operation: beginUpload,
      principal,
      request: requestInfo(request),
      input: { personId, name },
      names: 'code',
    });
    const file = begun.result as { id: string; name: string }; // what that operation's output schema says
    // An authorised caller of a write has a company.
    const companyId = principal.companyId ?? '';
    const body: unknown = request.body;
    if (!(body instanceof Readable)) throw new InvalidInput('Send the bytes of the file as the body');
    try {
      const stored = await storeBytes((work) => runtime.database.write(companyId, work), companyId, file, body);
      return await reply.code(201).send(wireFile(stored));
    } catch (error) {
      await runtime.database
        .write(companyId, (tx) =>
          tx.query({ name: 'people.files.broken', text: 'delete from person_files where company_id = $1 and id = $2' }, [
            companyId,
            file.id,
          ]),
        )
        .catch(() => undefined); // cleared a day later with the next upload
      throw error;
    }
  });

  http.get('/api/people/:personId/files/:fileId/content', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    const { personId, fileId } = Object(request.params);
    const { result } = await execute(runtime, {
      operation: getFileOperation,
      principal,
      request: requestInfo(request),
      input: { personId, fileId },
      names: 'code',
    });
    const file = result as PersonFile; // what that operation's output schema says
    return reply
      .headers({
        'content-type': file.type,
        'content-length': file.sizeBytes,
        'content-disposition': `attachment; filename="${asciiName(file.name)}"; filename*=UTF-8''${encodeName(file.name)}`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'private, no-store',
      })
      .send(Readable.from(bytesOf(runtime, file), { objectMode: false }));
  });
}

/** One short read for each chunk: a slow client holds no transaction open. */
async function* bytesOf(runtime: Runtime, file: PersonFile): AsyncGenerator<Buffer> {
  for (let position = 0, sent = 0; sent < file.sizeBytes; position++) {
    const bytes = await runtime.database.read(file.companyId, (tx) => chunkAt(tx, file.companyId, file.id, position));
    if (bytes === null) return; // deleted meanwhile: the length tells the client that it is not whole
    sent += bytes.length;
    yield bytes;
  }
}

/** RFC 6266: a plain name for old clients, and the real one by RFC 8187. */
const asciiName = (name: string) => name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
const encodeName = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

function wireFile(file: PersonFile) {
  return {
    id: file.id,
    company_id: file.companyId,
    person_id: file.personId,
    name: file.name,
    type: file.type,
    size_bytes: file.sizeBytes,
    sha256: file.sha256,
    created_by: file.createdBy,
    created_at: file.createdAt,
    shared_at: file.sharedAt,
  };
}
