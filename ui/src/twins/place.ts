// Where the page of pairs lies.
export const TWINS = "/households/twins";
