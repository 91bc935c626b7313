"""A camera's video: is each vehicle that passes read exactly once, in real time on one core?"""
