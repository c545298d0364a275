/** Kubernetes names as the API server accepts them (DNS-1123), checked by hand so that no input can make it slow. */
export function isLabelName(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9]/.test(text) && /[a-z0-9]$/.test(text) && /^[a-z0-9-]+$/.test(text);
}

/** Up to 253 characters: labels joined by dots. */
export function isObjectName(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(part));
}
