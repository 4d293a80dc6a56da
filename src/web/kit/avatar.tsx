import { cn } from './cn.ts';

const hues = [266, 210, 165, 130, 75, 40, 15, 330];

/** A picture where there is one, else initials on a colour that stays with the name. Drawn by CSS: the name stands beside it, readers need it once. */
export function Avatar({ name, size = 'md', src }: { name: string; size?: 'sm' | 'md' | 'lg'; src?: string }) {
  const measure = size === 'sm' ? 'size-6 text-2xs' : size === 'md' ? 'size-7 text-2xs' : 'size-11 text-base';
  if (src !== undefined) return <img src={src} alt="" className={cn('shrink-0 rounded-full bg-sunken object-cover', measure)} />;
  const words = name
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .filter((word) => word !== '');
  const initials = `${words[0]?.[0] ?? '?'}${words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''}`.toUpperCase();
  const sum = [...name].reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
  const hue = hues[sum % hues.length] ?? 266;
  return (
    <span
      aria-hidden
      style={{ '--hue': hue }}
      data-initials={initials}
      className={cn(
        'inline-flex shrink-0 before:content-[attr(data-initials)] select-none items-center justify-center rounded-full font-medium',
        'bg-[oklch(0.93_0.04_var(--hue))] text-[oklch(0.4_0.1_var(--hue))] dark:bg-[oklch(0.33_0.06_var(--hue))] dark:text-[oklch(0.88_0.07_var(--hue))]',
        measure,
      )}
    />
  );
}
