// Runs before the first paint: the remembered theme, else the system's.
const remembered = /(?:^|; )nr-theme=(dark|light)/.exec(document.cookie)?.[1];
document.documentElement.dataset.theme = remembered ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
