// The package comes without types; this is what is used of it, and of Koa, which it is built on.
declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  export type Token = { kind: string; clientId: string; accountId?: string; scope?: string }
  type Finder<T> = { find(id: string): Promise<T | undefined> }
  type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> }
  type Interaction = {
    prompt: { name: 'login' | 'consent' }
    params: Record<string, string>
    session?: { accountId: string }
  }

  export type Context = {
    req: IncomingMessage
    res: ServerResponse
    method: string
    path: string
    status: number
    type: string
    body: unknown
    get(header: string): string
    set(header: string, value: string): void
    redirect(url: string): void
    /** Only behind one of the provider's own routes. */
    oidc?: {
      route: string
      client: { clientId: string }
      params: Record<string, string>
      session: { accountId: string }
      result?: { consent?: { grantId: string } }
      entities: { Account?: { accountId: string } }
    }
  }

  export class Provider {
    constructor(issuer: string, configuration: object)
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): this
    callback(): RequestListener
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>
    interactionResult(req: IncomingMessage, res: ServerResponse, result: object): Promise<string>
    Client: { prototype: { redirectUriAllowed(uri: string): boolean } }
    Grant: Finder<Grant> & { new (of: { accountId: string; clientId: string }): Grant }
    AccessToken: Finder<Token>
    ClientCredentials: Finder<Token>
  }
}
