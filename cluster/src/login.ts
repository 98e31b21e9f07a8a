import type { User } from '@kubernetes/client-node';
import { readCredentialFile } from './credential-files.ts';
import { ClusterError } from './errors.ts';
import type { KubeconfigUser } from './kubeconfig-file.ts';
import { type LoginProgramOptions, type ProgramCredentials, runLoginProgram } from './login-program.ts';
import { currentIdToken, expiryOf, leewayMs, type OidcProvider } from './oidc.ts';

/** How a user of a kubeconfig proves who it is, from one request to the next. */
export interface Login {
  /** What holds now, in words that client-node knows: a token, a password, a certificate. */
  current(): Promise<User>;
  /**
   * To be called when the cluster refuses a login.
   *
   * @returns whether `current` may now give another one
   */
  renew(refused: User): boolean;
}

/** Runs a program at most once at a time, however many requests wait for it. */
export function makeLogin(user: KubeconfigUser, options: LoginProgramOptions): Login {
  const { exec, authProvider, tokenFile, impersonation: _, ...plain } = user;
  let running: Promise<User> | undefined;
  let kept: { readonly user: User; readonly expiresAt: number } | undefined;

  async function runProgram(program: NonNullable<typeof exec>): Promise<User> {
    try {
      const credentials = await runLoginProgram(program, options);
      const fresh = withCredentials(plain, credentials);
      kept = { user: fresh, expiresAt: credentials.expiresAt ?? Number.POSITIVE_INFINITY };
      return fresh;
    } finally {
      running = undefined;
    }
  }

  async function provideIdToken(provider: OidcProvider): Promise<User> {
    try {
      const token = await currentIdToken(provider, options);
      const fresh = { ...plain, token };
      kept = { user: fresh, expiresAt: expiryOf(token) - leewayMs };
      return fresh;
    } finally {
      running = undefined;
    }
  }

  return {
    async current() {
      if (tokenFile !== undefined) return { ...plain, token: readToken(tokenFile, plain.token) };
      // As in client-go, what stands in the kubeconfig comes before what a program says.
      if (plain.token !== undefined || plain.username !== undefined) return plain;
      if (exec !== undefined) {
        if (kept !== undefined && kept.expiresAt > Date.now()) return kept.user;
        running ??= runProgram(exec);
        return running;
      }
      if (authProvider === undefined) return plain;
      refuseOldProvider(user.name, authProvider.name);
      if (kept !== undefined && kept.expiresAt > Date.now()) return kept.user;
      running ??= provideIdToken(authProvider.oidc);
      return running;
    },
    renew(refused) {
      // The identity provider would give another one of the same.
      if (authProvider !== undefined) return false;
      if (tokenFile !== undefined) return true;
      if (exec === undefined || refused === plain) return false;
      // Of many that are refused at once, the first has the program run, and all ask with what it answers.
      if (kept?.user === refused) kept = undefined;
      return true;
    },
  };
}

/** @param otherwise the token of a kubeconfig that has both */
function readToken(file: string, otherwise: string | undefined): string {
  try {
    const token = readCredentialFile(file).toString('utf8').trim();
    if (token !== '') return token;
    // Else it would be asked as nobody, who lacks every right.
    const message = `The token file ${file}, which the kubeconfig names, is empty. Log in to the cluster again, or switch context.`;
    throw new ClusterError({ reason: 'login-failed', message });
  } catch (error) {
    if (otherwise !== undefined) return otherwise;
    throw error;
  }
}

function withCredentials(user: User, { token, certificate, key }: ProgramCredentials): User {
  return {
    ...user,
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined ? {} : { certData: toBase64(certificate) }),
    ...(key === undefined ? {} : { keyData: toBase64(key) }),
  };
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function refuseOldProvider(user: string, name: string): void {
  if (name === 'oidc') return;
  throw new ClusterError({
    reason: 'login-failed',
    message: `User "${user}" of the kubeconfig logs in by the auth-provider "${name}", which kubectl knows no more since 1.26. Log in to the cluster again with a current version of its tools, or switch context.`,
  });
}
