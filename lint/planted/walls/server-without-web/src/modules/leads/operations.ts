import type { Props } from '#web/kit/table.tsx';
export type Columns = Props;
