import { Badge, type Tone } from './badge.tsx';

const tones: Record<string, Tone> = { A: 'ok', B: 'accent', C: 'warn', D: 'neutral' };

export function Grade({ grade, score }: { grade: string; score?: number }) {
  return (
    <Badge tone={tones[grade] ?? 'neutral'} className="num">
      {grade}
      {score === undefined ? null : <span className="font-normal">{score}</span>}
    </Badge>
  );
}
