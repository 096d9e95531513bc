import 'server-only'
import { cookies } from 'next/headers'

export const themeCookie = 'concord.theme'

/** The theme that this browser chose; null where it follows the system. */
export async function findTheme(): Promise<'light' | 'dark' | null> {
  const chosen = (await cookies()).get(themeCookie)?.value
  return chosen === 'light' || chosen === 'dark' ? chosen : null
}
