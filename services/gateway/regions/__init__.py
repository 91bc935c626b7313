"""Other deployments: which agencies answer there, and asking them under an agreement of both."""
