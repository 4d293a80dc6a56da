import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { NO_YAML, readYaml } from './config-yaml.ts';
import { Settings, type Config } from './config.ts';
import { Misconfigured } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadedConfig {
  readonly config: Config;
  /** Sentences for a person: what was asked for and cannot be had. */
  readonly warnings: readonly string[];
}

/**
 * Defaults < steward.yaml < .env < .env.local < environment. An empty value counts as not set, as container tools pass those.
 * @param directory where the files are looked for, and what a relative STEWARD_HOME is relative to
 * @throws Misconfigured listing every faulty setting by name
 */
export function loadConfig(directory: string, environment: Environment): LoadedConfig {
  const given = { ...envFile(join(directory, '.env')), ...envFile(join(directory, '.env.local')), ...withoutEmpty(environment) };
  const text = readIfThere(join(directory, 'steward.yaml'));
  const yaml = text === undefined ? NO_YAML : readYaml(text, given);
  const parsed = Settings.safeParse({ ...yaml.settings, ...given });
  if (!parsed.success) throw new Misconfigured(`The configuration is wrong:\n${parsed.error.issues.map(faultOf).join('\n')}`);
  const config: Config = {
    ...parsed.data,
    vendorBaseUrls: vendorBaseUrls(given),
    internalHosts: (parsed.data.ALLOWED_INTERNAL_HOSTS ?? '').split(/[\s,]+/).filter((entry) => entry !== ''),
    business: yaml.business,
    templates: yaml.templates,
    checkOutputs: false,
    demo: false,
    home: resolve(directory, parsed.data.STEWARD_HOME.replace(/^~(?=$|[/\\])/, homedir())),
  };
  return { config, warnings: yaml.warnings };
}

/** From the files of the current directory and this process's environment. */
export function loadProcessConfig(): LoadedConfig {
  return loadConfig(process.cwd(), process.env);
}

function envFile(path: string): Environment {
  const text = readIfThere(path);
  return text === undefined ? {} : withoutEmpty(parseEnv(text));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw new Misconfigured(`${path} cannot be read; give it to the user who starts Steward, or remove it`, { cause: error });
  }
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}

function vendorBaseUrls(given: Environment): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const vendor = /^STEWARD_([A-Z0-9_]+)_BASE_URL$/.exec(name)?.[1];
    if (vendor === undefined || value === undefined) continue;
    if (!/^https?:\/\//.test(value) || !URL.canParse(value))
      throw new Misconfigured(`The configuration is wrong:\n  ${name}: not an address; it should start with https:// or http://`);
    found[vendor.toLowerCase()] = value;
  }
  return found;
}

/** Name, what is wrong, what it is for. Never the value: it may be a password in the wrong place. */
function faultOf(issue: z.core.$ZodIssue): string {
  const name = String(issue.path[0] ?? '');
  const purpose = name in Settings.shape ? Settings.shape[name as keyof typeof Settings.shape].description : undefined; // checked by `in`
  return `  ${name}: ${issue.message}${purpose === undefined ? '' : ` (${purpose})`}. Set it in the environment, in .env or .env.local`;
}
