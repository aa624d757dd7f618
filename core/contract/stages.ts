/** The SSM parameter that says where the API of a deployed stage is, in its account and region. */
export function endpointParameter(stage: string): string {
  return `/carillon/${stage}/endpoint`;
}

/** Whether a stage is production by its name: whoever changes it from the command line is asked first. */
export function isProduction(stage: string): boolean {
  return stage.startsWith('prod');
}
