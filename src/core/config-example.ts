import { Settings } from './config.ts';

const HEAD = `# Every setting of Steward. Copy to .env and fill in what you need: none is required.
# The environment wins over .env.local, that over .env, that over steward.yaml.
# Made by \`npm run env-example\` from src/core/config.ts.
`;

const FOOT = `
# Another address for any connector, for tests and proxies: STEWARD_<VENDOR>_BASE_URL
#STEWARD_OPENAI_BASE_URL=
`;

/** The text of \`.env.example\`: each setting commented out, with what it is for and its default. */
export function envExample(): string {
  const entries = Object.entries(Settings.shape).map(([name, schema]) => {
    const fallback = schema.safeParse(undefined);
    const value = fallback.success && fallback.data !== undefined ? String(fallback.data) : '';
    return `\n# ${schema.description ?? ''}\n#${name}=${value}\n`;
  });
  return HEAD + entries.join('') + FOOT;
}
