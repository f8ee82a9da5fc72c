/** The exchange says no: its code, its text and the HTTP status they travel with. */
export class Refusal extends Error {
  readonly code: number;
  readonly httpStatus: number;

  constructor(code: number, message: string, httpStatus = 400) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.httpStatus = httpStatus;
  }
}

export function missingParameter(name: string): Refusal {
  return new Refusal(700004, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
}

export function invalidSymbol(): Refusal {
  return new Refusal(-1121, "Invalid symbol.");
}

export function parameterError(name: string): Refusal {
  return new Refusal(33333, `Parameter error: ${name}`);
}
