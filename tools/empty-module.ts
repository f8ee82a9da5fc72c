/** Stands in for a development tool that Ink loads only in development. */
export default {};
