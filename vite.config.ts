import { pathToFileURL } from 'node:url';
import path from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const root = import.meta.dirname;

/**
 * `virtual:operations`: operation name → [method, path], read from the declarations while building. The browser gets
 * this table and the types, never the schemas or the server's code.
 */
function operationRoutes(): Plugin {
  return {
    name: 'steward-operations',
    resolveId: (id) => (id === 'virtual:operations' ? '\0virtual:operations' : null),
    async load(id) {
      if (id !== '\0virtual:operations') return null;
      const { operations } = await import(pathToFileURL(path.join(root, 'src/app/modules.ts')).href);
      const routes: Record<string, string[]> = {};
      for (const { name, http } of operations) routes[name] = http.split(' ');
      return `export default ${JSON.stringify(routes)};`;
    },
  };
}

const server = `http://127.0.0.1:${process.env['PORT'] ?? 3000}`;

export default defineConfig({
  root: path.join(root, 'src/web'),
  plugins: [operationRoutes(), react(), tailwind()],
  build: {
    outDir: path.join(root, 'dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0, // the content security policy allows no data: scripts or fonts
    chunkSizeWarningLimit: 900,
    manifest: true,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ['/api', '/token', '/openapi.json', '/docs', '/f/', '/u/', '/i/', '/contact', '/users'].map((prefix) => [prefix, server]),
    ),
  },
});
