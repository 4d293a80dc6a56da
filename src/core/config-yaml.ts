import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { Misconfigured } from './errors.ts';

/**
 * steward.yaml. Every key that is not here is an error that names it: a misspelt setting must not be a silent default.
 * A value `${NAME}` whose variable is not set counts as left out.
 */
const File = z.strictObject({
  business: z
    .strictObject({
      storage_path: z.string().optional(),
      invoice_template: z.string().optional(),
      checkin_reminder_days: z.coerce.number().int().min(1).max(3650).optional(),
    })
    .optional(),
  marketing: z
    .strictObject({
      email: z
        .strictObject({
          provider: z.string().optional(),
          api_key: z.string().optional(),
          from_email: z.email().optional(),
          from_name: z.string().optional(),
        })
        .optional(),
      templates: z.record(z.string(), z.string()).optional(),
      hubspot: z.strictObject({ enabled: z.union([z.boolean(), z.stringbool()]).optional(), api_key: z.string().optional() }).optional(),
    })
    .optional(),
});

export interface YamlSettings {
  /** Values for the settings of the same name in `Settings`, weaker than the environment. */
  readonly settings: Readonly<Record<string, string>>;
  readonly business: { readonly checkinReminderDays: number; readonly invoiceTemplate: string | null };
  readonly templates: Readonly<Record<string, string>>;
  /** What the file asks for that this version cannot do: one sentence each. */
  readonly warnings: readonly string[];
}

export const NO_YAML: YamlSettings = {
  settings: {},
  business: { checkinReminderDays: 30, invoiceTemplate: null },
  templates: {},
  warnings: [],
};

/**
 * @param environment where `${NAME}` looks
 * @throws Misconfigured naming each bad key
 */
export function readYaml(text: string, environment: Readonly<Record<string, string | undefined>>): YamlSettings {
  const parsed = File.safeParse(filled(parseText(text), environment) ?? {});
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${faultOf(issue)}`);
    throw new Misconfigured(`steward.yaml is wrong:\n${faults.join('\n')}\nThe file's shape is in docs/operating.md`);
  }
  const { business, marketing } = parsed.data;
  const settings = {
    ...mailService(marketing?.email, environment),
    STEWARD_HOME: business?.storage_path,
    FROM_EMAIL: marketing?.email?.from_email,
    FROM_NAME: marketing?.email?.from_name,
  };
  return {
    settings: Object.fromEntries(Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    business: { checkinReminderDays: business?.checkin_reminder_days ?? 30, invoiceTemplate: business?.invoice_template ?? null },
    templates: marketing?.templates ?? {},
    warnings: unsupported(marketing),
  };
}

function parseText(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const where = cause instanceof YAMLParseError ? cause.message : String(cause);
    throw new Misconfigured(`steward.yaml is no YAML: ${where}`, { cause });
  }
}

/** The same tree with every `${NAME}` replaced; keys whose whole value is an unset variable are left out. */
function filled(node: unknown, environment: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof node === 'string') {
    const whole = /^\$\{(\w+)\}$/.exec(node);
    if (whole?.[1] !== undefined) return environment[whole[1]] || undefined;
    return node.replace(/\$\{(\w+)\}/g, (_, name: string) => environment[name] ?? '');
  }
  if (Array.isArray(node)) return node.map((item) => filled(item, environment));
  if (typeof node !== 'object' || node === null) return node ?? undefined;
  return Object.fromEntries(
    Object.entries(node)
      .map(([key, value]) => [key, filled(value, environment)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

function faultOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[path, key].filter(Boolean).join('.')}: no such setting`).join('; ');
  return `${path || 'the file'}: ${issue.message}`;
}

/** Mail services whose key may stand in the file, with the setting that it becomes. */
const KEY_OF: Readonly<Record<string, string>> = { resend: 'RESEND_API_KEY', sendgrid: 'SENDGRID_API_KEY' };

/** The service counts only with a key, here or in the environment: a sample file with `${RESEND_API_KEY}` must not stop a start. */
function mailService(
  email: NonNullable<Marketing>['email'],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const setting = KEY_OF[email?.provider ?? ''];
  if (setting === undefined || (email?.api_key === undefined && !environment[setting])) return {};
  return { EMAIL_SERVICE: email?.provider, [setting]: email?.api_key };
}

type Marketing = z.output<typeof File>['marketing'];

function unsupported(marketing: Marketing): string[] {
  const warnings: string[] = [];
  if (marketing?.hubspot?.enabled === true)
    warnings.push('steward.yaml: marketing.hubspot is on, but this version has no HubSpot connector; nothing is synchronised');
  const provider = marketing?.email?.provider;
  if (provider !== undefined && provider !== 'smtp' && !(provider in KEY_OF) && marketing?.email?.api_key !== undefined) {
    warnings.push(
      `steward.yaml: marketing.email.provider ${provider} has no connector in this version; send through its SMTP server with SMTP_URL`,
    );
  }
  return warnings;
}
