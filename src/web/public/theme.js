// Before the first paint, so that a dark page never flashes white. A file of its own: the content security policy allows no inline script.
(() => {
  let wanted = null;
  try {
    wanted = localStorage.getItem('steward-theme');
  } catch {
    // storage is blocked: follow the system
  }
  const dark = wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
})();
