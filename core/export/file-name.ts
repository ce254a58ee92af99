/** Names that Windows reserves for devices, with or without an extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A valid file name on every system: without folders, control characters and reserved names, at most 120 characters long. */
export function safeFileName(name: string): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, '-')
    .replace(/^[-. ]+|[. ]+$/g, '')
    .slice(0, 120)
    .trim();
  if (plain === '') return 'export';
  return RESERVED.test(plain) ? `_${plain}` : plain;
}
