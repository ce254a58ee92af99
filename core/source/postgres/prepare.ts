import { AddressError, parseAddress, withEnvironment, withPassword } from '../../postgres/address.ts';
import { passwordOf } from '../../postgres/password-file.ts';
import { addressFault } from './faults.ts';

/**
 * Completes an address with what the environment and the user's password file say, and checks it. This runs in the process
 * that the user started; the one that connects reads neither.
 *
 * @throws FaultError `bad-address`, which never contains the password.
 */
export async function preparePostgres(
  { address, password: given }: { readonly address: string; readonly password?: string | undefined },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  try {
    const complete = withEnvironment(given === undefined ? address : withPassword(address, given), environment);
    const parsed = parseAddress(complete);
    const password = parsed.password === undefined ? passwordOf(parsed, environment) : undefined;
    return password === undefined ? complete : withPassword(complete, password);
  } catch (error) {
    throw error instanceof AddressError ? addressFault(error) : error;
  }
}
