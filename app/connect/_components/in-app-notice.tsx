import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'

// The names by which the browsers inside apps give themselves away.
const inApp =
  /\b(FBAN|FBAV|FB_IAB|Instagram|LinkedInApp|MicroMessenger|Snapchat|musical_ly|BytedanceWebview|Twitter|Line\/)/i

/** For a visitor in the browser of an app, which may lose its cookies on the way to ORCID: to open the page elsewhere. */
export async function InAppNotice() {
  if (!inApp.test((await headers()).get('user-agent') ?? '')) return null
  return <Notice tone="warn">{(await getTranslations('front'))('inApp')}</Notice>
}
