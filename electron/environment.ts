import { app } from 'electron';

/** A variable that changes how a checkout or a test runs. A packaged application reads none of them. */
export function developmentVariable(name: `HINDSIGHT_${string}`): string | undefined {
  return app.isPackaged ? undefined : process.env[name];
}
