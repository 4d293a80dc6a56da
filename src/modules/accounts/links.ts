import type { Config } from '#core/config.ts';

/** Where people reach this installation, without a slash at the end. Never from a request's Host header, which a stranger writes. */
export function publicUrl(config: Config): string {
  if (config.STEWARD_PUBLIC_URL !== undefined) return config.STEWARD_PUBLIC_URL.replace(/\/+$/, '');
  const host =
    config.HOST === '0.0.0.0' || config.HOST === '::' ? 'localhost' : config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST;
  return `http://${host}:${config.PORT}`;
}

export function pageLink(config: Config, page: 'setup' | 'invite' | 'reset', token: string): string {
  return `${publicUrl(config)}/${page}?token=${encodeURIComponent(token)}`;
}
