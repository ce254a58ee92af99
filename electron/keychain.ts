import { safeStorage } from 'electron';
import type { Keychain } from './passwords.ts';

/**
 * The keychain of macOS, the data protection of Windows, or the secret service of a Linux desktop. Without one of these, Electron
 * encrypts with a key that is the same everywhere, which protects nothing.
 */
export const systemKeychain: Keychain = {
  isReal: async () => {
    if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) return false;
    return safeStorage.isAsyncEncryptionAvailable();
  },
  encrypt: (text) => safeStorage.encryptStringAsync(text),
  decrypt: async (encrypted) => (await safeStorage.decryptStringAsync(Buffer.from(encrypted))).result,
};
