/**
 * The words of the last page. It is part of what every browser loads, so it cannot import the message file, which would
 * come along whole; a test holds the two together.
 */
export const fatalWords = {
  title: 'Error: the page cannot be shown',
  kept: 'You did not cause this. Everything saved before is still saved.',
  next: 'Please reload the page in a few minutes.',
  reference: 'Reference',
}
