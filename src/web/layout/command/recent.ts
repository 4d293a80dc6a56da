/** Pages that this user opened last, for the command menu. Kept in this browser, for each user apart; gone when they sign out. */
export interface Recent {
  readonly to: string;
  readonly label: string;
}

const MOST = 8;
const PREFIX = 'steward.recent.';
/** Pages about one thing; lists are in the menu anyway. */
const ABOUT_ONE = /^\/(people|sequences|segments|forms)\/[^/]+$/;

export function recentOf(userId: string): Recent[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(PREFIX + userId) ?? '[]');
    return Array.isArray(found) ? found.filter((one): one is Recent => typeof one?.to === 'string' && typeof one?.label === 'string') : [];
  } catch {
    return [];
  }
}

/** Notes the page that is open, once it has a name of its own. */
export function remember(userId: string, path: string, title: string): void {
  const label = title.replace(/ · Steward$/, '');
  if (!ABOUT_ONE.test(path) || path.endsWith('/new') || label === '' || /^(Steward|Person|Sequence|Segment|Form)$/.test(label)) return;
  const others = recentOf(userId).filter((one) => one.to !== path);
  try {
    localStorage.setItem(PREFIX + userId, JSON.stringify([{ to: path, label }, ...others].slice(0, MOST)));
  } catch {
    // A browser without storage has no recent pages; nothing else is lost.
  }
}

export function forgetRecent(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // As above.
  }
}
