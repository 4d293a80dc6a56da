const browsers = ['Firefox', 'Edg', 'OPR', 'Chrome', 'Safari'];
const systems = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS', 'Linux'];

/** `Firefox on Linux` from a user agent; good enough to recognise one's own machine. */
export function deviceOf(userAgent: string | null): string {
  if (userAgent === null || userAgent === '') return 'Unknown device';
  const browser = browsers.find((name) => userAgent.includes(`${name}/`));
  const system = systems.find((name) => userAgent.includes(name));
  const named = browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser;
  return [named ?? userAgent.split(/[ /]/)[0], system === undefined ? null : `on ${system === 'Mac OS' ? 'macOS' : system}`]
    .filter((part) => part !== null)
    .join(' ');
}
