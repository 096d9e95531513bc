import { headers } from 'next/headers'
import { NoReference, toGiven } from '@/app/staff/attempts/_components/no-reference'
import { decodeSegment } from '@/app/staff/attempts/[reference]/_components/decode-segment'

/** For addresses with a reference that nothing has. */
export default async function ReferenceNotFound() {
  const path = (await headers()).get('x-concord-path') ?? ''
  const segment = path.split('?')[0]?.split('/').at(-1) ?? ''
  return <NoReference given={toGiven(decodeSegment(segment))} />
}
