/** Names that Windows keeps for devices, with or without an extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A name that is a plain file name on every system: no folders, no controls, nothing reserved, at most 120 characters. */
export function safeFileName(wanted: string): string {
  const plain = wanted
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, '-')
    .replace(/^[-. ]+|[. ]+$/g, '')
    .slice(0, 120)
    .trim();
  if (plain === '') return 'export';
  return RESERVED.test(plain) ? `_${plain}` : plain;
}
