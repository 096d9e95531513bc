import 'server-only'
import { env } from '@/lib/config/env'

/** The address behind “unsubscribe” in a mail. */
export async function makeUnsubscribeUrl(id: string): Promise<string> {
  return `${env().origin}/unsubscribe?${new URLSearchParams({ id })}`
}
