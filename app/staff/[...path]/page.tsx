import { notFound } from 'next/navigation'

/** An address below `/staff` at which there is nothing: 404 inside the layout, whose gate turns others away. */
export default function UnknownStaffPage() {
  notFound()
}
