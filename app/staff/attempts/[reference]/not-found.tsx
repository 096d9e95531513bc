import { headers } from 'next/headers'
import { toGiven, UnknownReference } from '@/app/staff/attempts/_components/unknown-reference'
import { decodeSegment } from '@/lib/http/own-path'

/** For addresses with a reference that nothing has. */
export default async function ReferenceNotFound() {
  const path = (await headers()).get('x-concord-path') ?? ''
  const segment = path.split('?')[0]?.split('/').at(-1) ?? ''
  return <UnknownReference given={toGiven(decodeSegment(segment))} />
}
