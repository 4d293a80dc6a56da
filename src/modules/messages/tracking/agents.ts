import type { IncomingHttpHeaders } from 'node:http';

/** Why a hit was probably a machine's. `at_once`, `hidden_link` and `all_links` are seen only beside other hits. */
export const MACHINES = ['program', 'prefetch', 'hidden_link', 'at_once', 'all_links'] as const;
export type Machine = (typeof MACHINES)[number];

/** Programs that say what they are, and gateways that look at mail before a person does. */
const PROGRAM =
  /bot\b|crawl|spider|slurp|scan|preview|fetch|monitor|curl|wget|httpie|python|java\/|okhttp|go-http|libwww|perl|ruby|php|axios|node|undici|headless|phantom|selenium|puppeteer|playwright|barracuda|mimecast|proofpoint|urldefense|symantec|messagelabs|forcepoint|fortinet|sophos|trend ?micro|cisco|ironport|bitdefender|safelinks|linkcheck|whatsapp|telegram|skypeuripreview|slackbot|facebookexternalhit/i;

/** Apple's Mail Privacy Protection loads every picture when the mail arrives, and names nothing but this. */
const APPLE = /^Mozilla\/5\.0$/;

/**
 * What a request says of itself. Pictures by way of the mail services' own proxies (GoogleImageProxy, YahooMailProxy) are loaded when a person
 * opens the mail, so those count as people.
 */
export function machineByItself(method: string, headers: IncomingHttpHeaders): Machine | null {
  const agent = headers['user-agent'] ?? '';
  const purpose = `${String(headers['sec-purpose'] ?? '')} ${String(headers['purpose'] ?? '')} ${String(headers['x-purpose'] ?? '')} ${String(headers['x-moz'] ?? '')}`;
  if (/prefetch|prerender|preview/i.test(purpose) || APPLE.test(agent.trim())) return 'prefetch';
  if (method !== 'GET' || agent.trim() === '') return 'program';
  return !/GoogleImageProxy|YahooMailProxy/.test(agent) && PROGRAM.test(agent) ? 'program' : null;
}
