export const isOld = (at: Date) => at < new Date();
