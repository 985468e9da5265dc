// Runs before the first paint: the remembered theme, else the system's; and tells the server which zone times are shown in.
const remembered = /(?:^|; )nr-theme=(dark|light)/.exec(document.cookie)?.[1];
document.documentElement.dataset.theme = remembered ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone, named = `nr-zone=${encodeURIComponent(zone)}`;
const isNamed = () => document.cookie.split('; ').includes(named);
if (zone && !isNamed()) {
  document.cookie = `${named};path=/;max-age=31536000;samesite=lax${location.protocol === 'https:' ? ';secure' : ''}`;
  // A page that was already written in another zone is asked for once more.
  if (isNamed() && document.documentElement.dataset.zone && document.documentElement.dataset.zone !== zone) location.reload();
}
