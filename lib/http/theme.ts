import 'server-only'
import { cookies } from 'next/headers'

export const themeCookie = 'concord.theme'

/** Returns null if this browser follows the system. */
export async function findTheme(): Promise<'light' | 'dark' | null> {
  const chosen = (await cookies()).get(themeCookie)?.value
  return chosen === 'light' || chosen === 'dark' ? chosen : null
}
