declare module 'virtual:operations' {
  /** Operation name → [method, path]; made from the declarations by vite.config.ts. */
  const routes: Record<string, [method: string, path: string]>;
  export default routes;
}
