import { Monitor, Smartphone } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { cn } from '#web/kit/cn.ts';
import { CopyButton } from '#web/kit/copy.tsx';
import { Skeleton } from '#web/kit/skeleton.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { dayOf } from '#web/kit/time.tsx';

type Check = Output<'landing.check'>;
const DEVICES = [
  { value: 'desk', label: 'Desk', width: 1280 },
  { value: 'phone', label: 'Phone', width: 390 },
] as const;
const HEIGHT = 760; // pixels on the screen

/** The draft as visitors will see it, in a frame that may do nothing; a desk is shown smaller where it does not fit. */
export function Preview({ title, version, check }: { title: string; version: string; check: Check | undefined }) {
  const [device, setDevice] = useState<(typeof DEVICES)[number]['value']>('desk');
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(700);
  useEffect(() => {
    if (box.current === null) return;
    const watch = new ResizeObserver(([entry]) => entry !== undefined && setRoom(entry.contentRect.width));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  // The draft after a change loads behind the one before, and takes its place where that one was scrolled to. Neither may run anything.
  const [shown, setShown] = useState(version);
  const frames = useRef(new Map<string, HTMLIFrameElement>());
  const swap = (drawn: string) => {
    if (drawn === shown || drawn !== version) return;
    const at = frames.current.get(shown)?.contentWindow?.scrollY ?? 0;
    frames.current.get(drawn)?.contentWindow?.scrollTo({ top: at, behavior: 'instant' });
    setShown(drawn);
  };
  const wide = DEVICES.find(({ value }) => value === device)?.width ?? 1280;
  const scale = Math.min(1, room / wide);
  const kilobytes = check === undefined ? 0 : check.bytes / 1000;
  const heavy = check !== undefined && check.bytes > check.most_bytes;
  return (
    <div>
      <Tabs
        label="Preview"
        items={DEVICES}
        value={device}
        onChange={setDevice}
        aside={
          check === undefined ? null : (
            <span className="flex items-center gap-2 text-xs text-ink-2">
              <span className={heavy ? 'text-bad' : ''} title="Without pictures">
                <span className="num">{kilobytes.toFixed(1)}</span> of {check.most_bytes / 1000} kB
              </span>
              <CopyButton text={check.preview_url} label="Copy the preview link" />
            </span>
          )
        }
      />
      <div ref={box} className="mt-3 flex justify-center overflow-hidden rounded-xl border bg-sunken" style={{ height: HEIGHT }}>
        {check === undefined ? (
          <Skeleton className="h-full w-full" />
        ) : (
          <div style={{ width: wide * scale, height: HEIGHT }} className="relative">
            {(shown === version ? [version] : [shown, version]).map((drawn) => (
              <iframe
                key={drawn}
                ref={(frame) => {
                  if (frame !== null) frames.current.set(drawn, frame);
                  return () => void frames.current.delete(drawn);
                }}
                title={`Preview of ${title}`}
                src={check.preview_path}
                sandbox="allow-same-origin"
                aria-hidden={drawn !== shown}
                tabIndex={drawn === shown ? 0 : -1}
                onLoad={() => swap(drawn)}
                className={cn('absolute left-0 top-0 origin-top-left border-0 bg-white', drawn !== shown && 'invisible')}
                style={{ width: wide, height: HEIGHT / scale, transform: `scale(${scale})` }}
              />
            ))}
          </div>
        )}
      </div>
      <p className="mt-2 flex items-center gap-1.5 text-xs text-ink-3">
        {device === 'desk' ? <Monitor className="size-3.5" aria-hidden /> : <Smartphone className="size-3.5" aria-hidden />}
        {wide} pixels wide{scale < 1 ? `, shown at ${Math.round(scale * 100)} %` : ''}
        {check === undefined ? '' : `. The preview link opens until ${dayOf(check.preview_until)}.`}
      </p>
    </div>
  );
}
