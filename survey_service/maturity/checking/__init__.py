"""What is wrong with a questionnaire that decodes: findings, each with its place."""
