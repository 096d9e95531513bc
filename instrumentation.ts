import type { Instrumentation } from 'next'

/** Runs once when the server starts, before it answers anybody. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { boot } = await import('@/lib/process/boot')
  await boot()
}

/** Errors that no page has caught. People see the digest as a reference; the log has it too. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { log } = await import('@/lib/log')
  const { toLoggedPath } = await import('@/lib/http/own-path')
  const reference = typeof error === 'object' && error && 'digest' in error ? error.digest : undefined
  const requestId = request.headers['x-request-id']
  log().error(
    { reference, requestId, path: toLoggedPath(request.path), route: context.routePath, err: error },
    'page failed',
  )
}
